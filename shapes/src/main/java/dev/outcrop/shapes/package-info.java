/** What AWS says: tables of services, operations, shapes and constraints. Knows no HTTP. */
package dev.outcrop.shapes;
