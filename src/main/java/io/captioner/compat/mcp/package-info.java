/** The Model Context Protocol: a tool that describes photos, without sessions. */
@NullMarked
package io.captioner.compat.mcp;

import org.jspecify.annotations.NullMarked;
