"""An archive to try against: takes packages, journals them and answers, as an archive with Fiks Arkiv V1 would.

Shares no code with what builds and reads the messages, so that a mistake there is not made twice.  The schemas in
``fiks_arkiv_v1`` are the official ones (MIT, © KS).
"""
