/** Comprehend's asynchronous analysis jobs, all kinds by one implementation. */
package dev.outcrop.services.comprehend.jobs;
