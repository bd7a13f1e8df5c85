/** A process that does nothing but say how much memory that takes. */
process.send?.(process.memoryUsage().rss);
process.on('disconnect', () => process.exit());
