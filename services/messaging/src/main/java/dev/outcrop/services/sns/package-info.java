/** Topics, and who hears of what is published to them. */
package dev.outcrop.services.sns;
