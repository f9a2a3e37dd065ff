/** Uploads by forms of browsers: the form itself, and the policy that says what may stand in it. */
package dev.outcrop.wire.form;
