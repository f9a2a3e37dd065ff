/**
 * Worker processes: native code that can crash or hang runs in a JVM of its own.
 *
 * <p>A {@link dev.outcrop.engines.worker.Worker} is the server's side: it starts the process on demand, watches it,
 * starts it again after its death and stops it when idle. A {@link dev.outcrop.engines.worker.WorkerService} is what
 * runs inside. The two speak in frames over a Unix domain socket in a folder that only their user may enter:
 *
 * <pre>
 *   int32  length of what follows, big-endian
 *   int8   kind
 *   int32  call, 0 for the process itself
 *   bytes  payload
 * </pre>
 *
 * <p>Many calls share the socket; each is answered by any number of items and then one end or one error. The worker
 * ends itself when the socket closes, so it never outlives the server.
 */
package dev.outcrop.engines.worker;
