#!/bin/sh
# assemble.sh VENV APP: static files in their final form, byte code, and a look at the production settings.
set -eu
venv="$1" app="$2"
cd "$app"
# Values of a build only: nothing of them stays in the image.
export DJANGO_SETTINGS_MODULE=opinion_market.settings.prod PROCESS_ROLE=command LOG_DIR=none DEMO=false
export ALLOWED_HOSTS=build.example.org DATABASE_URL=postgresql://app@localhost/app REDIS_URL=redis://localhost/0
SECRET_KEY="$("$venv/bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')"
export SECRET_KEY
"$venv/bin/python" -W ignore manage.py collectstatic --noinput --verbosity 0
"$venv/bin/python" -W ignore manage.py check --deploy --fail-level WARNING
# Of the large libraries that jobs alone load, byte code would only make the image larger.
"$venv/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    -x '/(kubernetes|scipy|sklearn|pandas|pyarrow|numpy|reportlab)/' "$venv/lib" "$app"
