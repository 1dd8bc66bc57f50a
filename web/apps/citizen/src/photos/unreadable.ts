/** The file is no picture that this browser can read. */
export class Unreadable extends Error {}
