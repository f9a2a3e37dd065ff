/** Calls of servers that others name: where they may go, how long they may take, and what is tried again. */
package dev.outcrop.engines.web;
