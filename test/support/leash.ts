/**
 * Preloaded into a child process (`--import`), this ends it when its parent is gone, however that ended: the
 * pipe between them breaks then. A kill gives the parent no time to do it.
 */
process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
// It holds up no end of the child's own.
process.stdin.unref();
