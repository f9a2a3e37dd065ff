/** Amazon Textract. */
package dev.outcrop.services.textract;
