#!/usr/bin/env bash
# Puts nats-server 2.10 or newer into FOLDER and prints its path: `bash .ci/nats-server.sh FOLDER`. Debian bookworm has 2.9 only; the next
# release's package holds one binary that runs here too, so it is unpacked beside the system, not installed. Fails where that cannot be.
set -euo pipefail
folder=$1

# 2.10 or newer, as the auth callout needs it.
suffices() { command -v "$1" >/dev/null && "$1" --version | grep -Eq 'v(2\.[1-9][0-9]|[3-9])'; }

for there in nats-server "$folder/usr/sbin/nats-server" "$folder/usr/bin/nats-server"; do
  if suffices "$there"; then command -v "$there"; exit; fi
done
command -v apt-get >/dev/null && command -v dpkg >/dev/null

# From wherever this machine's own Debian packages come.
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -1)
[ -n "$site" ] || site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -1)
[ -n "$site" ]
mkdir -p "$folder"/{lists/partial,archives/partial}
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb${keys:+ [signed-by=$keys]} $site trixie main" >"$folder/sources.list"
options=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder")
apt-get "${options[@]}" update >&2
(cd "$folder" && apt-get "${options[@]}" download nats-server >&2 && dpkg -x nats-server_*.deb .)
for there in "$folder/usr/sbin/nats-server" "$folder/usr/bin/nats-server"; do
  if suffices "$there"; then echo "$there"; exit; fi
done
exit 1
