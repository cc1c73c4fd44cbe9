/** The resources that a server process uses, measured after a garbage collection. */
export interface Usage {
  /** The bytes of live objects. */
  heap: number;
  /** The bytes of resident memory. */
  resident: number;
  descriptors: number;
  sockets: number;
  timers: number;
  /** The number of warnings of Node, for example about a leak of listeners. */
  warnings: number;
  /** The milliseconds by which the event loop is late, at the 99th percentile. */
  delay: number;
}
