/** What a server process says of itself, its garbage collected first. */
export interface Usage {
  /** Bytes of live objects. */
  heap: number;
  /** Bytes resident. */
  resident: number;
  descriptors: number;
  sockets: number;
  timers: number;
  /** Of Node itself, such as that of a leak of listeners. */
  warnings: number;
  /** Milliseconds by which the event loop is late: the 99th percentile. */
  delay: number;
}
