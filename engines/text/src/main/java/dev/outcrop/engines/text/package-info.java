/** Language models: what they are asked, what they answer, and the backends that run them. Knows nothing of AWS. */
package dev.outcrop.engines.text;
