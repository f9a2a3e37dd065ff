/** The corridor that every call walks, and what every service needs. */
package dev.outcrop.kernel;
