#!/bin/sh
# Makes what is missing: the role that owns the tables, the role of the programs, the database. Peers sign in by account.
set -eu
psql="psql -v ON_ERROR_STOP=1 -qtA"
for role in "$OWNER" "$APP"; do
    if [ -z "$($psql -c "SELECT 1 FROM pg_roles WHERE rolname = '$role'")" ]; then
        $psql -c "CREATE ROLE \"$role\" LOGIN"
        echo "made $role"
    fi
done
if [ -z "$($psql -c "SELECT 1 FROM pg_database WHERE datname = '$DATABASE'")" ]; then
    $psql -c "CREATE DATABASE \"$DATABASE\" OWNER \"$OWNER\""
    echo "made $DATABASE"
fi
