"""How passwords are stored: Argon2id with the cost that OWASP recommends for a server that many sign in to."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ServerArgon2Hasher(Argon2PasswordHasher):
    """46 MiB and one pass on one thread. Django's default takes 100 MiB and eight threads for each attempt, so that
    a few parallel sign-ins fill the memory of a small machine."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
