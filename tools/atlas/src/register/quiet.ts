/**
 * kafkajs asks for a timeout in the past at each connect, and Node says so on stderr, where findings stand. Only that
 * warning is kept back, and only until `restore`.
 */
export function withoutTimeoutWarning(): { restore(): void } {
  const printers = process.listeners('warning');
  const filter = (warning: Error): void => {
    if (warning.name !== 'TimeoutNegativeWarning') for (const print of printers) print(warning);
  };
  process.removeAllListeners('warning');
  process.on('warning', filter);
  return {
    restore() {
      process.off('warning', filter);
      for (const print of printers) process.on('warning', print);
    },
  };
}
