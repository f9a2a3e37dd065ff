/** Groups and streams of log events, and what is asked of them. */
package dev.outcrop.services.cloudwatchlogs;
