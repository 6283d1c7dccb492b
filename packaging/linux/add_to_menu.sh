#!/bin/sh
# Puts Nurie, where it was unpacked, into your menu, with its icon and its kind of file; with --remove out of it again.
# Nothing outside your own folders is touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/nurie.desktop

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
    if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime" || true; fi
}

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$data/mime/packages/nurie.xml" "$data"/icons/hicolor/*/apps/nurie.png \
        "$data/icons/hicolor/scalable/apps/nurie.svg"
    refresh
    echo "Nurie is no longer in your menu; its folder $here is still there."
    exit 0
fi
mkdir -p "$data/applications" "$data/mime/packages" "$data/icons"
cp -R "$here/share/icons/hicolor" "$data/icons/"
cp "$here/share/mime/packages/nurie.xml" "$data/mime/packages/"
# In a menu entry a path with spaces stands in quotes, and $, `, " and \ behind two backslashes.
quoted=$(printf '%s' "$here/nurie" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')
while IFS= read -r line; do
    case $line in
        Exec=*) printf 'Exec="%s" %%F\n' "$quoted" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$here/share/applications/nurie.desktop" >"$entry"
refresh
echo "Nurie is in your menu. Keep the folder $here where it is, or run this again after moving it."
