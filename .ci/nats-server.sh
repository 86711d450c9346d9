#!/usr/bin/env bash
# Prints the path of a nats-server 2.10 or newer: one that is installed, or Debian's next release's, whose single binary runs here as well and
# is unpacked into FOLDER, beside the system: `NATS_SERVER=$(bash .ci/nats-server.sh FOLDER)`. Fails where neither can be had.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)

suffices() { command -v "$1" >/dev/null && "$1" --version | grep -Eq 'v(2\.[1-9][0-9]|[3-9])'; }
find_one() {
  local there
  for there in nats-server "$folder"/usr/{sbin,bin}/nats-server; do
    if suffices "$there"; then command -v "$there"; return; fi
  done
  return 1
}
find_one && exit

# From wherever this machine has its own packages.
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' | sort -u | head -1)
[ -n "$site" ]
mkdir -p "$folder"/{lists,archives}/partial
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site trixie main" >"$folder/sources.list"
options=(-qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists"
  -o "Dir::Cache=$folder" -o Acquire::Languages=none)
if [ "$(id -u)" = 0 ]; then options+=(-o APT::Sandbox::User=root); fi
apt-get "${options[@]}" update >&2
(cd "$folder" && apt-get "${options[@]}" download nats-server >&2 && dpkg -x nats-server_*.deb .)
find_one
