// SPDX-License-Identifier: Apache-2.0

/**
 * Holds the platform records against three statements of the same facts that were made by others, or in another way: the tables
 * that golang.org/x/sys got from the C compilers of the systems, the declarations of the libc crate of Rust, and C declarations
 * written down here from headers.
 */
package io.github.kqueueffm.internal.platform.oracle;
