/** The documents of jobs and trainings: read from buckets and written there as the role that a request names. */
package dev.outcrop.services.comprehend.documents;
