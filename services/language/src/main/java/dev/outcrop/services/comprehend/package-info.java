/** Amazon Comprehend. */
package dev.outcrop.services.comprehend;
