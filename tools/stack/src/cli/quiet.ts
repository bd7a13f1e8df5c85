/**
 * Keeps one warning out of what a command prints: kafkajs sets a timer with a negative delay at every connection, which
 * does no harm and which nobody here can change.
 */
export function withoutTimerWarnings(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') for (const print of printers) print(warning);
  });
}
