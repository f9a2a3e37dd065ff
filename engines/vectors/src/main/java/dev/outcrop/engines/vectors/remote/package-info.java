/** What stores over other systems have in common. */
package dev.outcrop.engines.vectors.remote;
