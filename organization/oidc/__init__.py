"""Log-in by OpenID Connect, on top of what django-allauth has: checks that it leaves out, and nothing kept but the link."""
