// While the worker is busy with an import its page looks again every few seconds.
setTimeout(() => location.reload(), 3000);
