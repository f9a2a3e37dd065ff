/** Says of texts what language they are in, what they name, what they are about and how they feel. */
package dev.outcrop.engines.language;
