/** Reads documents of many formats into text with its layout, and cuts it into chunks. */
package dev.outcrop.engines.documents;
