/**
 * SQL over data of this house, on behalf of people who are not trusted with the machine.
 *
 * <p>A {@link dev.outcrop.engines.sql.SqlDatabase} is a DuckDB without files, network and settings, within limits of
 * memory and threads; a {@link dev.outcrop.engines.sql.SelectStatement} is what a text of somebody else's was found to be
 * before it runs; a {@link dev.outcrop.engines.sql.SqlQuery} runs it and ends it when its time is over.
 */
package dev.outcrop.engines.sql;
