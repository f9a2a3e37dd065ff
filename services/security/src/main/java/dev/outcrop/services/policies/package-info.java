/** The grammar of policies that services attach to their resources. */
package dev.outcrop.services.policies;
