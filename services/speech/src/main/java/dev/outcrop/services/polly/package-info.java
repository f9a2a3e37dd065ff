/** Amazon Polly. */
package dev.outcrop.services.polly;
