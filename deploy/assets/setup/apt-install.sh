#!/bin/sh
# Installs Debian packages without starting what is in them. Needs root.
# usage: apt-install.sh PACKAGE...
# Leaves behind the packages and nothing else: no service enabled by them, and
# no policy-rc.d that was not there before.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# Packages ask policy-rc.d whether they may start their service; 101 means no.
# One that somebody put there stays as it is.
policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() { [ -z "$made_policy" ] || rm -f "$policy"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
fresh=
for package in redis-server haproxy mosquitto prometheus-blackbox-exporter; do
  case " $* " in *" $package "*) installed "$package" || fresh="$fresh $package" ;; esac
done

# A third party's broken source must not stop us: the install decides.
apt-get -q -o DPkg::Lock::Timeout=120 update ||
  echo "apt-get update had errors; trying with what is known" >&2
apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 \
  install --no-install-recommends "$@"

# We run our own instances; the distribution's must not appear at the next boot.
for service in $fresh; do
  update-rc.d "$service" disable || true
done
