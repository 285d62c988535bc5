/* In place of the system's: the headers of OpenBLAS include it and use nothing of it. */
