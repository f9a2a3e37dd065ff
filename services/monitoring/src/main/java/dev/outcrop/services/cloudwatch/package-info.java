/** Metrics, and alarms on them. */
package dev.outcrop.services.cloudwatch;
