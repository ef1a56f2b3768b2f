module ioscope

go 1.26
