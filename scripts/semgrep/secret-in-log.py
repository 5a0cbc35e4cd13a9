def bad(logger, _log, user, token):
    # ruleid: secret-in-log
    logger.info("signed in", password=user.password)
    # ruleid: secret-in-log
    _log.info("made", extra={"user": user.pk, "token": token})
    # ruleid: secret-in-log
    logger.warning("bad token %s", token)


def good(logger, user, key):
    # ok: secret-in-log
    logger.info("signed in", user_id=user.pk)
    # ok: secret-in-log
    logger.info("key %s used", key.prefix)
