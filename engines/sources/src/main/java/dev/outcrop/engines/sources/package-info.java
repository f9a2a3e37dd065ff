/**
 * Where documents come from: a web site, Confluence, SharePoint, Salesforce. Each source tells what is there, with a version of each,
 * so that whoever keeps a copy fetches only what changed.
 */
package dev.outcrop.engines.sources;
