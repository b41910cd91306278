"""Our own profile of Fiks Arkiv V1: stricter than the official schema, and shipped with the product."""
