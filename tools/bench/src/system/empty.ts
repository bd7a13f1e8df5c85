/** A process that does nothing except report its memory. */
process.send?.(process.memoryUsage().rss);
process.on('disconnect', () => process.exit());
