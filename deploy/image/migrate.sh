#!/bin/sh
# Brings the tables up to date as their owner, then lets the application's role use them with APP_PASSWORD.
set -eu
python manage.py migrate --noinput
python manage.py grant_app_role --role "${APP_ROLE:-app}" ${APP_PASSWORD:+--password-env APP_PASSWORD}
