/**
 * Preloaded into a program that `node --watch` runs. The program tells Node which files it has loaded, and this leaves
 * out installed packages: clones on one machine share their files as hard links, so installing packages in one clone
 * changes the status of these files in all others. (`--watch-path` would watch only our folders, but on Linux it misses
 * a file that an editor replaces for the second time.)
 */
const LISTS = ['watch:import', 'watch:require'];

if (process.send) {
  process.send = new Proxy(process.send.bind(process), {
    apply: (send, self, [message, ...rest]) => Reflect.apply(send, self, [withoutPackages(message), ...rest]),
  });
}

function withoutPackages(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  const isOurs = (file: unknown): boolean => !String(file).includes('/node_modules/');
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      LISTS.includes(key) && Array.isArray(value) ? value.filter(isOurs) : value,
    ]),
  );
}
