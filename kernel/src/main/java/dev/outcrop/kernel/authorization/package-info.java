/** What calls need to be allowed: actions, resources and condition keys, from tables. Decides nothing. */
package dev.outcrop.kernel.authorization;
