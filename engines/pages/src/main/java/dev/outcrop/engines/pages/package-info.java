/** Finds in the words and lines of a page its layout, tables, forms and answers. */
package dev.outcrop.engines.pages;
