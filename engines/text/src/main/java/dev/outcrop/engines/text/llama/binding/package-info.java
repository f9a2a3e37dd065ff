/**
 * llama.cpp's C interface, bound with the Foreign Function and Memory API: models, contexts, grammars and quantisation
 * as Java objects that check every argument, since the library aborts the process where it is called wrongly.
 *
 * <p>Written against {@code llama.h} of llama.cpp v0.5.0. Structures are described by the types of their members, so
 * that the same code serves every platform whose C compiler aligns members to their size. To be used in a worker process
 * only.
 */
package dev.outcrop.engines.text.llama.binding;
