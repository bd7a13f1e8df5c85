#!/bin/sh
# Installs exactly the packages of the lock file and shows little more than progress. Touches the file $1 on success.
# Plain sh, because nothing else is installed yet when it runs.
set -eu

PNPM=12.21.0
LOG=.atlas/logs/install.log

if ! command -v node >/dev/null 2>&1 || ! command -v npx >/dev/null 2>&1; then
  echo "Atlas needs Node.js 20 or newer with npm. Install it (your system's package 'nodejs', or nvm, fnm, volta), then run make again." >&2
  exit 2
fi
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; then
  echo "Atlas needs Node.js 20 or newer; this is $(node --version). Upgrade it, then run make again." >&2
  exit 2
fi

mkdir -p "$(dirname "$LOG")"
[ -d node_modules ] || echo "Installing 1,100 packages and Node 24, 1 GB on disk (the first time takes about a minute)"
: >"$LOG"
# What pnpm is doing, by its log. Before its first line, npx fetches pnpm itself. At the end, the package "node" fetches
# Node 24 and prints nothing until it has it.
doing() {
  awk '
    BEGIN { doing = "fetching pnpm" }
    / node preinstall\$/ || /\/node preinstall\$/ { node = 1 }
    /node preinstall: Done/ { node = 0 }
    /^Progress: / { gsub(/,/, ""); doing = "packages: " $7 " fetched, " $9 " of " $3 " installed" }
    END { print node ? "fetching Node 24" : doing }
  ' "$LOG"
}
# npx starts pnpm, which starts more processes. They run in a group of their own, so that Ctrl-C ends all of them.
# (setsid would do the same, but not every system has it.)
IN_A_GROUP='
  const [program, ...args] = process.argv.slice(1);
  const child = require("node:child_process").spawn(program, args, { stdio: "inherit", detached: true });
  const end = (signal) => { try { process.kill(-child.pid, signal); } catch {} };
  const stop = () => { end("SIGTERM"); setTimeout(end, 2000, "SIGKILL"); };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  child.on("error", () => process.exit(127));
  child.on("exit", (code) => { end("SIGKILL"); process.exit(code ?? 1); });
'
node -e "$IN_A_GROUP" -- npx -y "pnpm@$PNPM" install --frozen-lockfile --reporter=append-only >"$LOG" 2>&1 &
INSTALL=$!
trap 'kill "$INSTALL" 2>/dev/null || true; wait "$INSTALL" || true; exit 130' INT TERM HUP

WAITED=0
while kill -0 "$INSTALL" 2>/dev/null; do
  sleep 1
  WAITED=$((WAITED + 1))
  if [ $((WAITED % 5)) -eq 0 ]; then
    echo "  … ${WAITED} s  $(doing)"
  fi
done

if ! wait "$INSTALL"; then
  tail -n 30 "$LOG" >&2
  echo "The installation has failed; its whole log is $LOG. If a package.json changed, run: npx -y pnpm@$PNPM install" >&2
  exit 1
fi
[ "$WAITED" -lt 3 ] || echo "  packages installed in ${WAITED} s"
touch "$1"
