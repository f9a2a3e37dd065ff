/** Where things are kept: records, objects, secrets. */
package dev.outcrop.storage;
