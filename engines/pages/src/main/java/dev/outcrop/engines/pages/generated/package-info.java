/** Documents whose content is known, drawn to test and to measure what is found on pages. */
package dev.outcrop.engines.pages.generated;
