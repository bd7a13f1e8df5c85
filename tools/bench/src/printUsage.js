/** Prints processor time (ms) and peak memory (MB of 10^6 bytes) of this process as JSON. */
export function printUsage() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1e3, memoryMb: (maxRSS * 1024) / 1e6 }));
}
